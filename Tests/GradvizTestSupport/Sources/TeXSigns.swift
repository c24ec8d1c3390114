/// Signs that a language's babel makes commands of, without its package.
package enum TeXSigns {
  /// What babel does in French, and for `"` in German: these signs are commands, and each is an error where it is one.
  package static let active = """
    \\def\\makeactive#1{\\begingroup\\lccode`\\~=`#1\\relax\\lowercase{\\endgroup\\def~}{\\errmessage{the sign #1}}\\catcode`#1=13\\relax}
    \\makeactive\\;\\makeactive\\:\\makeactive\\!\\makeactive\\?\\makeactive\\"
    """
}
