package let name = "DOT"
