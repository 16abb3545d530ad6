// Whatever a text holds, `Network::parse` ends with a network, whose own text makes the same one,
// or with a fallline::Error.

#include <cstdint>
#include <cstdlib>
#include <fallline/error.hpp>
#include <fallline/model/network.hpp>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using fallline::Network;
  try {
    const Network network = Network::parse({reinterpret_cast<const char*>(bytes), size}, 5, 3);
    const Network again = Network::parse(network.text(), 5, 3);
    if (again.text() != network.text() || again.parameters() != network.parameters()) std::abort();
  } catch (const fallline::Error& error) {
    if (error.kind() == fallline::ErrorKind::bad_input) std::abort();
  }
  return 0;
}
