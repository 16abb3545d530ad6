// Whatever a text holds, `parse_configuration` ends with options or with Error(bad_input); and what
// it gives is written so that it reads back.

#include <cstdint>
#include <cstdlib>
#include <fallline/error.hpp>
#include <fallline/train/configuration.hpp>
#include <string_view>

namespace {

using namespace fallline;

bool holds_nan(const Configuration& configuration) {
  for (const ConfigurationEntry& entry : configuration.entries)
    if (const auto* number = std::get_if<double>(&entry.value))
      if (*number != *number) return true;
  return false;
}

void write_and_read(const Configuration& configuration) {
  std::string text;
  try {
    text = toml_text(configuration);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::usage) std::abort();
    return;  // keys that only other programs write
  }
  if (parse_configuration(text, "again").entries != configuration.entries &&
      !holds_nan(configuration))
    std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  try {
    write_and_read(parse_configuration({reinterpret_cast<const char*>(bytes), size}, "input"));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::bad_input) std::abort();
  }
  return 0;
}
