#pragma once

#include <algorithm>
#include <cstddef>
#include <fallline/data/dataset.hpp>
#include <fallline/data/preprocessing.hpp>
#include <fallline/workers.hpp>
#include <memory>
#include <numeric>
#include <span>
#include <vector>

#include "aligned.hpp"
#include "files/mappings.hpp"
#include "kernels/linear.hpp"
#include "model/products.hpp"

namespace fallline {

/// Scores of many examples, batch by batch: what training, evaluation and prediction share.
class ScorePass {
 public:
  /// Examples whose scores are held at once.
  static constexpr std::size_t most = 1024;

  /// @param arithmetic  not automatic
  ScorePass(Dataset data, const Preprocessing& preprocessing, std::size_t classes, Workers& workers,
            Arithmetic arithmetic = Arithmetic::floats);

  [[nodiscard]] const Dataset& data() const { return data_; }
  [[nodiscard]] std::size_t classes() const { return classes_; }
  /// Floats of the panel that sums of outer products are in.
  [[nodiscard]] std::size_t panel_size() const { return products_->panel_size(); }
  [[nodiscard]] std::size_t column_blocks() const { return kernels::blocks_of(data_.features()); }

  /// Takes W (C×D) and b as the weights of the next batches, with the scale folded in.
  void set_weights(std::span<const float> parameters);
  /// The same in some columns, as `for_columns` gives them; and once that was done for all, the
  /// rest.
  void set_weights(std::span<const float> parameters, kernels::ColumnBlocks columns,
                   std::size_t thread) {
    products_->set_weights(parameters, columns, thread);
  }
  void finish_weights(std::span<const float> parameters) {
    products_->finish_weights(parameters, workers_);
  }

  /// Scores of `examples` (at most `most` indices); `visit(first, count)` is called for every block
  /// of 16 positions once its scores are there, from any of the workers.
  template <class Visit>
  void run(std::span<const std::size_t> examples, Visit&& visit) {
    stage_ = {};
    score_all(examples, {}, visit);
  }

  /// Scores of all examples, batch by batch: `each(first, i, count)` from any of the workers for a
  /// block of positions from i on of the batch that begins with example `first`, and
  /// `done(first, n)` after each batch.
  template <class Each, class Done>
  void run_all(Each&& each, Done&& done) {
    std::vector<std::size_t> indices(most);
    for (std::size_t first = 0; first < data_.size(); first += most) {
      const std::size_t n = std::min(most, data_.size() - first);
      std::iota(indices.begin(), indices.end(), first);
      run(std::span(indices).first(n),
          [&](std::size_t i, std::size_t count) { each(first, i, count); });
      done(first, n);
    }
  }

  /// Examples whose cells are kept at once, of D features of that type: at most `most`, and of wide
  /// rows fewer, a multiple of 16.
  [[nodiscard]] static constexpr std::size_t most_staged(std::size_t features, CellType cells) {
    constexpr std::size_t bytes = 8 << 20;
    const std::size_t rows = bytes / std::max<std::size_t>(1, features * bytes_of(cells));
    return std::clamp(rows / kernels::block * kernels::block, kernels::block, most);
  }
  [[nodiscard]] std::size_t most_staged() const {
    return most_staged(data_.features(), data_.cells());
  }

  /// As `run`, with at most `most_staged()` examples, and keeps the cells for `add_outer`. The
  /// first of the `upcoming` rows are fetched into the cache.
  template <class Visit>
  void run_staged(std::span<const std::size_t> examples, std::span<const std::size_t> upcoming,
                  Visit&& visit) {
    make_stage(examples.size());
    score_all(examples, upcoming, visit);
  }

  /// The scores of the 16 positions from `first` on, C×16: those of one class after another.
  [[nodiscard]] std::span<float> scores(std::size_t first) {
    return std::span(scores_).subspan(first * classes_, kernels::block * classes_);
  }
  /// The score of position i for class c.
  [[nodiscard]] float score(std::size_t i, std::size_t c) const {
    const std::size_t first = i / kernels::block * kernels::block;
    return scores_[first * classes_ + c * kernels::block + i - first];
  }
  /// Adds the scores of the last batch, class by class, to `sums`.
  void add_class_sums(std::span<double> sums) const;

  /// Takes what the scores of the last batch were replaced by as G.
  void set_slopes() { products_->set_slopes(scores_.data(), examples_); }
  /// Adds Gᵀ(X − mean) over the last staged batch in some columns; `sums.scale` is filled in.
  void add_outer(kernels::ColumnBlocks columns, const kernels::OuterSums& sums) const {
    products_->add_outer(stage_, columns, sums);
  }

  /// Calls `work(columns, thread)` from the workers for pieces that cover all columns once; each
  /// begins at a multiple of 8 column blocks.
  template <class Work>
  void for_columns(Work&& work) {
    const std::size_t blocks = column_blocks();
    const std::size_t size = strip();
    workers_.for_each((blocks + size - 1) / size, [&](std::size_t s, std::size_t thread) {
      work(kernels::ColumnBlocks{.begin = s * size, .end = std::min(blocks, (s + 1) * size)},
           thread);
    });
  }
  /// Column blocks of a piece of `for_columns` at most.
  static constexpr std::size_t most_blocks = 32;

 private:
  /// Column blocks of one piece of work: some pieces a thread, and of 8 to 32 blocks, few enough
  /// that their gradient of all classes stays in the second cache.
  [[nodiscard]] std::size_t strip() const {
    const std::size_t share = column_blocks() / (3 * workers_.threads());
    const std::size_t limit = std::clamp<std::size_t>(4096 / classes_ / 8 * 8, 8, most_blocks);
    return std::clamp<std::size_t>(share / 8 * 8, 8, limit);
  }
  /// Examples of one piece of work at most.
  static constexpr std::size_t most_of_piece = 2 * kernels::block;
  /// And of n examples: few enough that each thread has some of a small batch.
  [[nodiscard]] std::size_t piece(std::size_t n) const {
    const std::size_t share = n / workers_.threads() / kernels::block * kernels::block;
    return std::clamp(share, kernels::block, most_of_piece);
  }

  template <class Visit>
  void score_all(std::span<const std::size_t> examples, std::span<const std::size_t> upcoming,
                 Visit& visit) {
    examples_ = examples.size();
    const std::size_t n = examples.size();
    const std::size_t size = piece(n);
    const std::size_t pieces = (n + size - 1) / size;
    workers_.for_each(pieces, [&](std::size_t p) {
      const std::size_t end = std::min(n, (p + 1) * size);
      // The same thread's next rows.
      const std::size_t first = workers_.first_of_share(p, pieces);
      const bool last = end == n || workers_.first_of_share(p + 1, pieces) != first;
      const auto next =
          last ? upcoming.subspan(std::min(first * size, upcoming.size())) : examples.subspan(end);
      fill(examples, p * size, end, next);
      for (std::size_t i = p * size; i < end; i += kernels::block)
        visit(i, std::min(kernels::block, end - i));
    });
    require_mappings();
  }

  void make_stage(std::size_t examples);
  void fill(std::span<const std::size_t> examples, std::size_t first, std::size_t end,
            std::span<const std::size_t> next);

  Dataset data_;
  std::size_t classes_;
  Workers& workers_;
  std::unique_ptr<Products> products_;
  AlignedVector<float> scores_;     // most × C
  std::size_t examples_ = 0;        // of the last batch
  AlignedVector<std::byte> cells_;  // of the stage
  kernels::Stage stage_;
};

}  // namespace fallline
