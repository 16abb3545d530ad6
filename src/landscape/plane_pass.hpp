#pragma once

#include <cstdint>
#include <fallline/landscape/plane.hpp>
#include <span>
#include <vector>

#include "aligned.hpp"
#include "model/score_pass.hpp"

namespace fallline::landscape {

/// The losses at points of a plane from the scores of its origin and of its directions.
class PlanePass {
 public:
  PlanePass(const Site& site, const Plane& plane, std::span<const PlanePoint> points,
            bool accuracy);

  /// Goes over the examples, batch by batch, until they are all seen or an interrupt comes.
  [[nodiscard]] PlaneMeasures run(const PlaneOptions& options);

 private:
  /// Points next to one another with the same b: a piece of a line, for one thread.
  struct Piece {
    std::size_t first = 0;
    std::size_t count = 0;
    float b = 0;
  };

  void cut_into_pieces(std::span<const PlanePoint> points);
  /// The batch of n examples from `first` on, at all points.
  void measure(std::size_t first, std::size_t n);
  void add(const Piece& piece, std::size_t n, std::size_t thread);

  const Site& site_;
  std::size_t classes_;
  bool flat_;  // a plane, not a line
  ScorePass pass_;
  std::vector<float> a_;
  std::vector<Piece> pieces_;
  std::vector<double> losses_;  // a point each
  std::vector<std::uint64_t> hits_;
  std::vector<std::int32_t> labels_;         // of the batch
  std::vector<AlignedVector<float>> bases_;  // a thread each: scores where the line begins
};

}  // namespace fallline::landscape
