import GradvizTestSupport

typealias Project = GradvizTestSupport.Project
typealias ProcessResult = GradvizTestSupport.ProcessResult
typealias TemporaryFolder = GradvizTestSupport.TemporaryFolder
typealias SVGDocument = GradvizTestSupport.SVGDocument
typealias DrawnFigure = GradvizTestSupport.DrawnFigure
