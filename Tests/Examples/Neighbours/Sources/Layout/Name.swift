public let name = "Layout"
