public let name = "Documents"
