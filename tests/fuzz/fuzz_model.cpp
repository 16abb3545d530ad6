// Whatever a file holds, `load_model` ends with a model or with Error(bad_input).

#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <fallline/error.hpp>
#include <fallline/model/model_file.hpp>
#include <filesystem>
#include <fstream>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const std::filesystem::path file =
      "/dev/shm/fallline-fuzz-model-" + std::to_string(::getpid());
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes), static_cast<std::streamsize>(size));
  try {
    (void)fallline::load_model(file).weights_hash();
  } catch (const fallline::Error& error) {
    if (error.kind() != fallline::ErrorKind::bad_input) std::abort();
  }
  return 0;
}
