// Re-exports the C library and the part of Foundation without ICU, which on Linux would be three quarters of
// the program. One import provides both, whatever they are called on a system.
#if canImport(FoundationEssentials)
  @_exported import FoundationEssentials
#else
  @_exported import Foundation
#endif

#if canImport(Glibc)
  @_exported import Glibc
#elseif canImport(Musl)
  @_exported import Musl
#else
  @_exported import Darwin
#endif
