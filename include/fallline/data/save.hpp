#pragma once

#include <fallline/data/dataset.hpp>
#include <fallline/data/open.hpp>
#include <filesystem>
#include <string_view>
#include <vector>

namespace fallline {

struct SaveOptions {
  bool overwrite = false;  ///< replaces files of the same names
};

/// Writes a dataset so that `open` reads it back: the same cells, labels and class names.
///
/// - `cifar10`: a directory with data_batch_1.bin … of 10,000 records each, test_batch.bin and
///   batches.meta.txt; byte pictures of 3×32×32 in at most 256 classes, planar.
/// - `idx`: a directory with train-images-idx3-ubyte, train-labels-idx1-ubyte and the same for
///   t10k; pictures in colour have four dimensions, N×C×H×W. Labels are the class names where
///   those are integers, else numbers from 0 that stand for the lines of class_names.txt.
/// - `npz`: one file with x_train, y_train, x_test, y_test and class_names, which y indexes;
///   pictures in colour are N×H×W×C.
/// - `csv`: a header, the label last; floats in the shortest form that reads back the same.
/// - `libsvm`: indices from 1, zeros left out (the first row names the last feature).
///
/// The text formats are one file, or with a test part a directory of train and test. In them, and
/// in IDX under integer names, only classes that have examples survive. Rows are streamed.
///
/// A set appears as a whole: a file, or a directory that was not there before, under its final name
/// when it is complete. Into a directory that is there the files go one after another, when all are
/// complete; meanwhile it holds a file INCOMPLETE, and `open` refuses it. A process that is killed
/// there leaves that file, and `save` with `overwrite` mends the directory.
///
/// @param test  the test part, or null
/// @throws Error(usage) where the format cannot hold the set; Error(output) where a target exists
///         (a directory that holds other files is refused even with `overwrite`) or cannot be
///         written; Error(bad_input) where the parts do not agree (`arrange`), or a cell is not
///         finite and the format is text.
void save(const Dataset& train, const Dataset* test, const std::filesystem::path& path,
          std::string_view format, const SaveOptions& options = {});

/// To be asked before the data are read: refuses what `save` would refuse whatever the data are.
/// @throws Error(output)
void require_save_place(const std::filesystem::path& path, const SaveOptions& options = {});

/// The formats that `save` writes.
[[nodiscard]] std::vector<FormatInfo> save_formats();

}  // namespace fallline
