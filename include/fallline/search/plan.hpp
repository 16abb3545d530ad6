#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/data/dataset.hpp>
#include <fallline/search/options.hpp>
#include <string>

namespace fallline {

/// What a search will do: the options with every choice made, and what it takes.
struct SearchPlan {
  SearchOptions options;  ///< as asked
  PreprocessingKind preprocessing = PreprocessingKind::none;
  std::size_t classes = 0;
  std::size_t features = 0;
  std::size_t parameters = 0;  ///< P = C·D + C, each of which is drawn, the bias too
  std::size_t examples = 0;    ///< N of the training part
  std::size_t validation_examples = 0;
  std::size_t test_examples = 0;
  std::size_t candidates = 0;  ///< of a pass at most; 1 for the gradient
  double learning_rate = 0;    ///< α of the gradient, else 0
  std::size_t threads = 0;
  std::uint64_t memory_bytes = 0;  ///< working memory and the data
  std::string instruction_set;     ///< its name
};

/// Candidates of a pass, at least 1. Random search: as many as have their weights, K·C·D floats,
/// stay in the caches. Local search, where what is proposed ahead may be in vain: with some 10
/// scores an example the reading of its row is made up for, and more bring little.
[[nodiscard]] std::size_t automatic_candidates(Strategy strategy, std::size_t features,
                                               std::size_t classes);

/// Bytes that a search takes beside the data.
[[nodiscard]] std::uint64_t search_bytes(const Dataset& data, const SearchOptions& options,
                                         std::size_t threads);

}  // namespace fallline
