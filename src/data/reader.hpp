#pragma once

// The mechanism behind `open`: one table of readers. A new format is one file and one row in
// open.cpp.

#include <cstddef>
#include <fallline/data/open.hpp>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace fallline::data {

/// What a reader may look at to recognise its format.
struct Candidate {
  std::filesystem::path path;
  bool directory = false;
  std::uint64_t bytes = 0;  ///< size of the file as it lies on disk
  bool gzipped = false;     ///< `head` was unpacked
  std::span<const std::byte>
      head;  ///< the first bytes (up to 64 KiB) of the contents; empty for a directory
};

struct Reader {
  std::string_view name;
  std::string_view description;
  bool (*recognises)(const Candidate&);
  Source (*read)(const Candidate&, const OpenOptions&);
};

// One a file: cifar.cpp, idx.cpp, npy.cpp, npz.cpp, images.cpp, csv.cpp, libsvm.cpp.
extern const Reader cifar_reader;
extern const Reader idx_reader;
extern const Reader npy_reader;
extern const Reader npz_reader;
extern const Reader images_reader;
extern const Reader csv_reader;
extern const Reader libsvm_reader;

}  // namespace fallline::data
