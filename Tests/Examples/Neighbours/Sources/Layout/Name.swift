package let name = "Layout"
