#pragma once

#include <cstdint>
#include <fallline/data/dataset.hpp>
#include <fallline/data/schema.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fallline {

/// How to read a source where its contents leave a choice. The defaults recognise everything.
struct OpenOptions {
  /// A format's name (`formats()`), or empty: recognised by content.
  std::string format;
  /// CSV/TSV: the column with the label: a header's name, a number from 1, `first`, `last`, or
  /// `none`. Empty: a column called label, class, target or y (any case), else the last.
  std::string label_column;
  /// CSV/TSV: whether the first row holds names; unset: it does where it has text above a number,
  /// or a usual label name.
  std::optional<bool> header;
  /// LIBSVM: index of the first feature, 0 or 1; unset: 0 where an index 0 occurs, else 1.
  std::optional<int> index_base;
  /// LIBSVM: number of features, where the file need not mention the last ones; 0: the largest.
  std::size_t features = 0;
  /// A source of its own for the test part, read as the training part was understood: its columns
  /// by name, its indices from the same base. Of one that has two parts the first is taken.
  std::filesystem::path test;
  /// What a model learned of its data (`Classifier::schema`): the source is read by it, and comes
  /// out with its features in its order. What is set above has the last word.
  std::optional<Schema> schema;
  /// A file with the labels (IDX or NPY) where the path holds only the features.
  std::filesystem::path labels;
  /// Bytes that reading may take, mapped files included; 0: what the machine has available.
  std::uint64_t memory_limit = 0;
};

/// What was found at a path.
struct Source {
  Dataset train;                   ///< the training part, or all there is
  std::optional<Dataset> test;     ///< the test part where the source has one; same classes
  std::string format;              ///< the recognised format's name
  std::vector<std::string> notes;  ///< every choice made for the person, one sentence each
};

/// Reads the dataset at `path`, a file or a directory.
///
/// CIFAR-10/100 binary and uncompressed IDX are mapped and kept as bytes; NPY is mapped where its
/// type and order allow. Labels may be any integers or names: classes are numbered in ascending
/// order (numerically where all are integers) and keep their names.
///
/// @throws Error(bad_input) naming file and row or byte where anything is wrong, or the columns
///         that a schema has and the source has not;
///         Error(not_enough_memory) before reading what cannot fit.
[[nodiscard]] Source open(const std::filesystem::path& path, const OpenOptions& options = {});

/// A format that `open` reads.
struct FormatInfo {
  std::string_view name;         ///< for `OpenOptions::format`
  std::string_view description;  ///< one line for a person
};
[[nodiscard]] std::vector<FormatInfo> formats();

}  // namespace fallline
