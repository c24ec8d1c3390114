package let name = "Documents"
