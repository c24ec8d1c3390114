public let name = "Graph"
