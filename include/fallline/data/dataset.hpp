#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/data/schema.hpp>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fallline {

/// What a dataset is made of; a reader fills it in and hands it to `Dataset`.
struct DatasetParts {
  std::string name;                        ///< for messages: usually the path
  CellType cells = CellType::u8;           ///< type of every feature
  std::size_t features = 0;                ///< D
  std::vector<const std::byte*> rows;      ///< N pointers to D cells each; any alignment
  std::vector<std::int32_t> labels;        ///< N classes in 0..C-1, or empty: unlabelled
  std::vector<std::string> class_names;    ///< C names, the labels as the source wrote them; UTF-8
  std::vector<std::string> feature_names;  ///< D names, or empty; UTF-8
  std::optional<ImageShape> shape;         ///< set where rows are pictures
  std::optional<LabelColumn> label;        ///< where a table had its labels
  std::optional<IndexBase> index_base;     ///< what a sparse file called its first feature
  std::vector<std::shared_ptr<const void>> storage;  ///< keeps what `rows` points into alive
  std::size_t storage_bytes = 0;                     ///< how much that is, mapped files included
};

/// N examples of D features with a class each: an immutable view, cheap to copy.
///
/// The cells lie where the source put them (a mapped file, a decoded buffer); a dataset holds one
/// pointer and one label an example. A subset shares the cells. Nothing is ever copied to be
/// shuffled: samplers yield indices.
///
/// Float cells of a row are aligned to 4 bytes.
class Dataset {
 public:
  Dataset() = default;
  /// @throws Error(bad_input) where the parts contradict one another, or a name is not UTF-8.
  explicit Dataset(DatasetParts parts);

  [[nodiscard]] std::size_t size() const { return parts_->rows.size(); }
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] std::size_t features() const { return parts_->features; }
  [[nodiscard]] std::size_t classes() const { return parts_->class_names.size(); }
  [[nodiscard]] CellType cells() const { return parts_->cells; }
  [[nodiscard]] const std::string& name() const { return parts_->name; }
  [[nodiscard]] bool labelled() const { return !parts_->labels.empty() || empty(); }
  [[nodiscard]] std::span<const std::byte* const> rows() const { return parts_->rows; }
  [[nodiscard]] std::span<const std::int32_t> labels() const { return parts_->labels; }
  [[nodiscard]] const std::vector<std::string>& class_names() const { return parts_->class_names; }
  [[nodiscard]] const std::vector<std::string>& feature_names() const {
    return parts_->feature_names;
  }
  [[nodiscard]] const std::optional<ImageShape>& shape() const { return parts_->shape; }
  [[nodiscard]] const std::optional<IndexBase>& index_base() const { return parts_->index_base; }
  [[nodiscard]] std::size_t storage_bytes() const { return parts_->storage_bytes; }

  /// What its features and classes are.
  [[nodiscard]] Schema schema() const;

  /// Feature `d` of example `i` as a number.
  [[nodiscard]] float cell(std::size_t i, std::size_t d) const;

  /// Copies the D features of example `i` into `out`, as floats.
  void copy_row(std::size_t i, std::span<float> out) const;

  /// The examples at `indices`, in that order; shares the cells.
  [[nodiscard]] Dataset subset(std::span<const std::size_t> indices) const;

  /// The same examples with the features at `places`, in that order; `no_place` is a feature that
  /// is 0. Shares the cells where they lie side by side in this order, else they are copied.
  /// @param schema  of the result: its feature names and its shape
  /// @throws Error(not_enough_memory)
  [[nodiscard]] Dataset with_features(std::span<const std::size_t> places,
                                      const Schema& schema) const;
  static constexpr std::size_t no_place = static_cast<std::size_t>(-1);

  /// The same examples with the classes numbered as in `names`, so that a test part agrees with
  /// its training part, or any set with a model.
  /// @throws Error(bad_input) where an example's class is not among `names`.
  [[nodiscard]] Dataset with_classes(const std::vector<std::string>& names) const;

 private:
  explicit Dataset(std::shared_ptr<const DatasetParts> parts) : parts_(std::move(parts)) {}
  static const std::shared_ptr<const DatasetParts>& nothing();

  std::shared_ptr<const DatasetParts> parts_ = nothing();
};

}  // namespace fallline
