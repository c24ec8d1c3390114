#if canImport(FoundationEssentials)
  // FoundationEssentials itself gets the normal forms from there.
  @_spi(_Unicode) import Swift
#endif

/// Unicode normal forms: an accented letter as one scalar, or as two.
extension String {
  /// Canonical composition (NFC): names that look alike are equal.
  package var composed: String {
    #if canImport(FoundationEssentials)
      var result = ""
      result.unicodeScalars.append(contentsOf: _nfc)
      return result
    #else
      return precomposedStringWithCanonicalMapping
    #endif
  }

  /// The scalars of the canonical decomposition (NFD): a letter, then its accents.
  package var decomposedScalars: [Unicode.Scalar] {
    #if canImport(FoundationEssentials)
      return Array(_nfd)
    #else
      return Array(decomposedStringWithCanonicalMapping.unicodeScalars)
    #endif
  }
}
