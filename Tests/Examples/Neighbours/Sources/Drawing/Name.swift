public let name = "Drawing"
