#!/usr/bin/env bash
# Builds and runs a package that depends on a bare clone with a tag, as README.md says: Tests/Examples/check_url.sh
#
# The build takes minutes. The clone has what is committed.
set -euo pipefail
checkout=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
version=$(sed -n 's/.*version: "\([0-9.]*\)".*/\1/p' "$checkout/Sources/gradviz/Gradviz.swift")
git clone --quiet --bare "$checkout" "$folder/gradviz.git"
git -C "$folder/gradviz.git" tag --force "$version" "$(git -C "$checkout" rev-parse HEAD)" > /dev/null
mkdir -p "$folder/Reader/Sources/Reader"
cat > "$folder/Reader/Package.swift" <<MANIFEST
// swift-tools-version: 6.1
import PackageDescription
let package = Package(
  name: "Reader", platforms: [.macOS(.v15)],
  dependencies: [.package(url: "file://$folder/gradviz.git", from: "$version")],
  targets: [
    .executableTarget(
      name: "Reader",
      dependencies: [.product(name: "Autograd", package: "gradviz"), .product(name: "GradvizKit", package: "gradviz")])
  ])
MANIFEST
cat > "$folder/Reader/Sources/Reader/main.swift" <<'PROGRAM'
import Autograd
import GradvizKit

let tape = Tape()
let a = tape.parameter(3, name: "a")
let loss = (a * a).label("L", role: .loss)
loss.backward()
print(a.gradient, try loss.figure(.backward).svg().hasPrefix("<svg"))
PROGRAM
cd "$folder/Reader"
swift build > "$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
said=$(swift run --skip-build Reader 2> /dev/null)
[ "$said" = "6.0 true" ] || { echo "check_url: the program says $said" >&2; exit 1; }
echo "A package that depends on the bare clone's tag $version was built and has run"
