#!/usr/bin/env bash
# Compiles and runs the Swift programs of README.md and of the documentation as another package does: each as it stands, as
# an executable of a package that depends by URL and version on what is committed here.
#
#   Tests/Examples/check_readme.sh [BUILD_FOLDER]
#
# The first build takes minutes; name a folder to keep what is built.
set -euo pipefail
checkout=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
build=${1:-$folder/build}
dependency=$("$checkout/Tests/Examples/dependency.sh" "$build")
python3 - "$checkout" "$folder/Readers" "$dependency" <<'EOF'
import pathlib, re, sys
checkout, package, dependency = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
pages = [checkout / "README.md", *sorted((checkout / "Sources/GradvizKit/GradvizKit.docc").rglob("*.md"))]
blocks = [block for page in pages for block in re.findall(r"```swift\n(.*?)```", page.read_text(), re.S)]
programs = [block for block in blocks if block.startswith("import ")]
assert len(programs) >= 3, "there are no programs"
products = ", ".join(f'.product(name: "{name}", package: "gradviz")' for name in ("Autograd", "GradvizKit"))
targets = []
for number, program in enumerate(programs):
    target = package / f"Sources/example{number}"
    target.mkdir(parents=True)
    (target / "main.swift").write_text(program)
    targets.append(f'.executableTarget(name: "example{number}", dependencies: [{products}])')
(package / "Package.swift").write_text(f"""// swift-tools-version: 6.1
import PackageDescription
let package = Package(
  name: "Readers", platforms: [.macOS(.v15)], dependencies: [{dependency}],
  targets: [{", ".join(targets)}], swiftLanguageModes: [.v6])
""")
EOF
cd "$folder/Readers"
swift build --scratch-path "$build" >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
bin=$(swift build --scratch-path "$build" --show-bin-path)
for target in Sources/*; do
  "$bin/$(basename "$target")" >"$folder/said" || { echo "check_readme: $target fails" >&2; cat "$target/main.swift" >&2; exit 1; }
  [ -s "$folder/said" ] || { echo "check_readme: $target says nothing" >&2; exit 1; }
done
echo "The Swift programs of README.md and of the documentation have run: $(ls Sources | wc -l)"
