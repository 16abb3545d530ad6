#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace fallline::chart {

struct Point {
  double x;
  double y;
  bool operator==(const Point&) const = default;
};

/// A line of any number of points as at most four in each pixel column: the first, the lowest, the
/// highest and the last. Drawn, they cover the pixels that all of them cover (M4).
class ThinnedLine {
 public:
  /// Columns must not fall. A y that is not finite is a gap, which shows where a column ends.
  void add(Point point, std::size_t column);

  /// What lies between gaps.
  [[nodiscard]] std::vector<std::vector<Point>> pieces() const;

  [[nodiscard]] std::uint64_t count() const { return count_; }
  // Of all points; where there is one at least.
  [[nodiscard]] double least() const { return least_; }
  [[nodiscard]] double greatest() const { return greatest_; }
  [[nodiscard]] double last() const { return last_; }

 private:
  struct Column {
    std::size_t number;
    Point first, low, high, last;
  };

  void close_column();
  void keep(Point point);

  std::vector<std::vector<Point>> pieces_;
  std::optional<Column> open_;
  bool gap_ = true;
  std::uint64_t count_ = 0;
  double least_ = 0;
  double greatest_ = 0;
  double last_ = 0;
};

}  // namespace fallline::chart
