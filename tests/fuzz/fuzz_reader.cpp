// Whatever a file holds, a reader ends with a dataset or with a fallline::Error: READER names
// which.

#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <fallline/error.hpp>
#include <filesystem>
#include <fstream>
#include <span>

#include "data/examined.hpp"
#include "data/reader.hpp"

namespace {

using namespace fallline;

/// The input as a file in memory, or as the only picture of a folder of class folders.
class InputFile {
 public:
  InputFile() : root_("/dev/shm/fallline-fuzz-" + std::to_string(::getpid())) {
    std::filesystem::create_directories(root_ / "class");
  }
  ~InputFile() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  std::filesystem::path write(std::span<const std::uint8_t> input) const {
    const auto file = root_ / "class" / "input";
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(input.data()), std::ssize(input));
    return &data::READER == &data::images_reader ? root_ : file;
  }

 private:
  std::filesystem::path root_;
};

/// Touches every cell, so that a row that leaves its buffer is noticed.
void look_at(const Dataset& dataset) {
  std::vector<float> row(dataset.features());
  for (std::size_t i = 0; i < dataset.size(); ++i) dataset.copy_row(i, row);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const InputFile file;
  try {
    const data::Examined examined(file.write({bytes, size}));
    (void)data::READER.recognises(examined.candidate());
    const Source source =
        data::READER.read(examined.candidate(), {.memory_limit = std::uint64_t{64} << 20});
    look_at(source.train);
    if (source.test) look_at(*source.test);
  } catch (const Error& error) {
    if (std::string_view(error.what()).empty()) std::abort();
  }
  return 0;
}
