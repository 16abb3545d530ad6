// Whatever a file holds, `read_replay` ends with a valid replay or with Error(bad_input).

#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <fallline/error.hpp>
#include <fallline/schedule/replay.hpp>
#include <filesystem>
#include <fstream>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const std::filesystem::path file =
      "/dev/shm/fallline-fuzz-replay-" + std::to_string(::getpid());
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes), static_cast<std::streamsize>(size));
  try {
    fallline::schedule::read_replay(file).validate();
  } catch (const fallline::Error& error) {
    if (error.kind() != fallline::ErrorKind::bad_input) std::abort();
  }
  return 0;
}
