package let name = "Graph"
