"""Drawing: fonts, lines, sheets, codes, letters, tables and the parts of forms; knows no kind of paper."""
