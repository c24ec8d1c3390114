import Autograd
import DOT
import Documents
import Drawing
import Figures
import GradvizDocuments
import GradvizKit
import Graph
import Layout
import Plots
import TestSupport

let tape = Tape()
let (a, b) = (tape.input(2, name: "a"), tape.parameter(-3, name: "b"))
let svg = try tanh(a * b).label("L", role: .loss).figure(.backward).svg()
print(
  [DOT.name, Documents.name, Drawing.name, Figures.name, Graph.name, Layout.name, Plots.name, TestSupport.name]
    .joined(separator: " "))
print(svg)
