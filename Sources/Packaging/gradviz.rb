# A formula for Homebrew, from a clone: brew install --HEAD --formula Sources/Packaging/gradviz.rb
class Gradviz < Formula
  desc "Figures of how a neural network learns, computed and drawn with Graphviz"
  license "MIT"
  head "file://#{File.expand_path("../..", __dir__)}", using: :git, branch: "main"

  depends_on "pkgconf" => :build
  depends_on "cmark"
  depends_on "graphviz"
  uses_from_macos "swift" => :build, since: :sequoia

  def install
    %w[gradviz gradviz-serve].each do |product|
      system "swift", "build", "--disable-sandbox", "-c", "release", "--product", product
    end
    ENV["PREFIX"] = prefix
    system ".ci/install", ".build/release/gradviz"
  end

  test do
    (testpath/"net.grad").write "param a = 3\nloss L = a * a\n"
    assert_match "<svg", shell_output("#{bin}/gradviz draw net.grad --stage backward")
  end
end
