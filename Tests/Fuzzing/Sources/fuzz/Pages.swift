import Foundation
import GradvizDocuments
import GradvizKit

/// A Markdown page → blocks → figures → the page with its regions, in a folder that has nothing to read.
func fuzzMarkdown(_ bytes: [UInt8]) {
  let folder = NSTemporaryDirectory() + "gradviz-fuzz-pages"
  do {
    let page = try PageDrawer().draw(bytes, path: "\(folder)/page.md")
    claim(String(validating: bytes, as: UTF8.self) != nil, "a page that is drawn is UTF-8")
    claim(page.problems.allSatisfy { !$0.rendered().isEmpty }, "a problem has words")
    claim(page.problems.allSatisfy { $0.rendered().utf8.count < 20_000 }, "a problem has not too many words")
    claim(page.isChanged == (page.bytes != bytes), "a page is changed where its bytes are")
    claim(
      keepsReader(bytes, page.bytes), "what no run wrote stays: \(String(decoding: bytes, as: UTF8.self))")
    guard page.isChanged else { return }
    let again = try PageDrawer().draw(page.bytes, path: "\(folder)/page.md")
    claim(again.bytes == page.bytes, "a page that is drawn again is the same")
  } catch {
    claim(!error.description.isEmpty, "an error has words")
  }
}

/// Whether all of a page that no run wrote is there once it is drawn, in its order.
private func keepsReader(_ before: [UInt8], _ after: [UInt8]) -> Bool {
  let own = linesOfReader(before)
  // A hidden block gets the begin of its comment into the line of a list's marker.
  if String(decoding: before, as: UTF8.self).contains("hidden") {
    return isSubsequence(own.joined(), of: after)
  }
  return isSubsequence(own, of: lines(after))
}

private func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] { bytes.split { $0 == 0x0A || $0 == 0x0D } }

private func isSubsequence<Element: Equatable>(
  _ elements: some Sequence<Element>, of others: some Sequence<Element>
) -> Bool {
  var rest = others.makeIterator()
  for element in elements {
    repeat {
      guard let next = rest.next() else { return false }
      if next == element { break }
    } while true
  }
  return true
}

/// The lines outside regions, from a mark with a fingerprint to the next mark if that is an end mark and the
/// fingerprint matches.
///
/// After a mark without one, as in earlier versions, lines that look generated are skipped.
private func linesOfReader(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
  let all = lines(bytes)
  var kept: [ArraySlice<UInt8>] = []
  var index = 0
  while index < all.count {
    let mark = bare(all[index])
    if mark.starts(with: "<!-- gradviz:begin".utf8),
      let end = all[(index + 1)...].firstIndex(where: { bare($0).starts(with: "<!-- gradviz:".utf8) }),
      bare(all[end]).elementsEqual("<!-- gradviz:end -->".utf8),
      isOfARun(mark, between(all[index], all[end], bytes))
    {
      index = end + 1
    } else {
      kept.append(all[index])
      index += 1
    }
  }
  return kept
}

/// The bytes between two lines.
private func between(_ first: ArraySlice<UInt8>, _ last: ArraySlice<UInt8>, _ bytes: [UInt8]) -> [ArraySlice<
  UInt8
>] {
  var start = first.endIndex
  if bytes[start] == 0x0D, start + 1 < bytes.count, bytes[start + 1] == 0x0A { start += 1 }
  var result: [ArraySlice<UInt8>] = []
  var next = start + 1
  var begin = next
  while next < last.startIndex {
    if bytes[next] == 0x0A || bytes[next] == 0x0D {
      result.append(bytes[begin..<next])
      if bytes[next] == 0x0D, bytes[next + 1] == 0x0A { next += 1 }
      begin = next + 1
    }
    next += 1
  }
  return result
}

private func isOfARun(_ mark: ArraySlice<UInt8>, _ content: [ArraySlice<UInt8>]) -> Bool {
  let content = content.map(bare)
  if mark.elementsEqual("<!-- gradviz:begin -->".utf8) {
    return content.allSatisfy {
      $0.isEmpty || $0.starts(with: "![".utf8) || $0.first == UInt8(ascii: "|")
        || $0.starts(with: "<picture>".utf8)
    }
  }
  let hash = content.flatMap { Array($0) + [0x0A] }.reduce(UInt64(14_695_981_039_346_656_037)) {
    ($0 ^ UInt64($1)) &* 1_099_511_628_211
  }
  let text = String(format: "%016lx", hash)
  return mark.elementsEqual("<!-- gradviz:begin \(text) -->".utf8)
}

private func bare(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
  var text = line.drop { [0x20, 0x09, UInt8(ascii: ">")].contains($0) }
  while let last = text.last, last == 0x20 || last == 0x09 { text.removeLast() }
  return text
}
