#if canImport(FoundationEssentials)
  // FoundationEssentials itself takes the normal forms from there.
  @_spi(_Unicode) import Swift
#endif

/// Unicode's normal forms: a letter with its accent as one scalar, or as two.
extension String {
  /// Canonically composed (NFC): names that read alike are one name.
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
