@_exported import Autograd
@_exported import GradLanguage
@_exported import GradvizDOT
@_exported import GradvizDrawing
@_exported import GradvizFigures
@_exported import GradvizGraph
@_exported import GradvizPlots
@_exported import GraphvizRenderer
