#pragma once

// The mechanism behind `save`: one table of writers. A new format is one file and one row in
// save.cpp.

#include <fallline/data/dataset.hpp>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "files/atomic_file.hpp"

namespace fallline::data {

/// A set to be written; the parts share features and classes.
struct SavedParts {
  Dataset train;
  std::optional<Dataset> test;
};

struct OutputFile {
  std::filesystem::path path;
  std::function<void(AtomicFile&)> write;
};

struct Writer {
  std::string_view name;
  std::string_view description;
  /// The files to be written: `path` itself, or files right below it.
  /// @throws Error(usage) where the format cannot hold the set.
  std::vector<OutputFile> (*plan)(const SavedParts& parts, const std::filesystem::path& path);
};

// One a file.
extern const Writer cifar_writer;
extern const Writer idx_writer;
extern const Writer npz_writer;
extern const Writer csv_writer;
extern const Writer libsvm_writer;

/// The files of a text format: `path`, or `path`/train and `path`/test with the ending.
[[nodiscard]] std::vector<OutputFile> text_files(const SavedParts& parts,
                                                 const std::filesystem::path& path,
                                                 const std::string& ending,
                                                 void (*write)(const Dataset&, AtomicFile&));

/// Refuses names with control characters, by which a file is known to be no text, and with a byte
/// order mark, which is taken away where it begins a file. @throws Error(usage)
void require_text(const std::vector<std::string>& names, const char* what);

/// A file of class names, one a line. @throws Error(usage) where a name is not one line of text.
[[nodiscard]] OutputFile names_file(std::filesystem::path path, std::vector<std::string> names);

/// Copies the cells of example `i` as they lie, but for the channels of a picture, which are put
/// side by side (`interleaved`) or one after the other.
void copy_pixels(const Dataset& data, std::size_t i, bool interleaved, std::vector<std::byte>& out);

/// Feature `d` of example `i`. @throws Error(bad_input) where it is not finite.
[[nodiscard]] float finite_cell(const Dataset& data, std::size_t i, std::size_t d);

/// The name of example `i`'s class.
[[nodiscard]] const std::string& class_of(const Dataset& data, std::size_t i);

}  // namespace fallline::data
