#pragma once

#include <cstdint>
#include <optional>

namespace fallline {

/// The conditions of a line search.
struct WolfeConditions {
  double c1 = 1e-4;  ///< sufficient decrease, 0 < c1 < c2
  double c2 = 0.9;   ///< curvature, c2 < 1
  int trials = 30;   ///< at most so many values of the function, ≥ 1

  /// @throws Error(usage)
  void validate() const;
};

/// A search for a step a > 0 along a line on which φ(a) falls at first, until the strong Wolfe
/// conditions hold:
///
///     φ(a) ≤ φ(0) + c1 a φ'(0)        and        |φ'(a)| ≤ c2 |φ'(0)|
///
/// Nocedal and Wright, "Numerical Optimization", 2nd edition, algorithms 3.5 and 3.6, with cubic
/// interpolation (equation 3.59). Where φ no longer changes beyond its rounding, the first
/// condition is taken in its approximate form φ'(a) ≤ (2 c1 − 1) φ'(0) (Hager and Zhang, 2005,
/// equation 4.3), and slopes alone narrow the interval. A value that is not finite counts as too
/// high. After the last trial the lowest point known is asked for once more, and is the step.
///
/// The caller evaluates φ: it asks for `trial()` and tells what it found, as long as the search
/// goes on.
class StrongWolfe {
 public:
  struct Point {
    double a = 0;
    double value = 0;
    double slope = 0;
  };
  enum class Verdict : std::uint8_t {
    again,   ///< evaluate `trial()`
    done,    ///< the point just told is the step
    failed,  ///< no step lowers φ
  };

  /// @param value,slope  φ(0) and φ'(0) < 0
  /// @param first        the first trial, > 0
  /// @param rounding     the relative error of φ, ≥ 0
  /// @throws Error(usage) where one of them, or a condition, is out of its bounds.
  StrongWolfe(const WolfeConditions& conditions, double value, double slope, double first,
              double rounding);

  [[nodiscard]] double trial() const { return trial_; }
  Verdict tell(double value, double slope);

 private:
  [[nodiscard]] bool low_enough(const Point& p) const;
  [[nodiscard]] bool flat_enough(const Point& p) const;
  [[nodiscard]] bool higher(const Point& p) const;
  void bracket(const Point& p);
  void shrink(const Point& p);
  Verdict next();
  Verdict settle();

  WolfeConditions conditions_;
  Point start_;
  Point low_;                  // the lowest point known that is low enough
  std::optional<Point> high_;  // the other end of an interval that holds a step
  double trial_;
  double rounding_;
  double width_ = 0;  // of the interval at the trial before
  int left_;
  bool settled_ = false;  // the trial is the lowest point, to be taken as it is
};

}  // namespace fallline
