@_exported import Autograd
@_exported import DOT
@_exported import Figures
@_exported import GradLanguage
@_exported import GraphvizRenderer
@_exported import Plots
