package let name = "Figures"
