public let name = "DOT"
