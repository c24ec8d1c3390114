public let name = "Plots"
