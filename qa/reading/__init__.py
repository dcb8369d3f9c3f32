"""Reading: raw bytes of any newsroom format -> `Article`, with how each field was found.

`plain` reads wire copy and other plain text; `dateline` knows the agencies' house styles (data in
`agencies.tsv`), `published` the written forms of full dates, `sources` the canonical names, and
`article` weighs what a format states against what the text says.
"""
