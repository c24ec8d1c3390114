package let name = "Plots"
