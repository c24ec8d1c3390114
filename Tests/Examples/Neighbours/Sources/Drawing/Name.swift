package let name = "Drawing"
