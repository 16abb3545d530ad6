#include "chart/thinned_line.hpp"

#include <algorithm>
#include <cmath>

namespace fallline::chart {

void ThinnedLine::add(Point point, std::size_t column) {
  if (!std::isfinite(point.y)) {
    gap_ = true;
    return;
  }
  least_ = count_ == 0 ? point.y : std::min(least_, point.y);
  greatest_ = count_ == 0 ? point.y : std::max(greatest_, point.y);
  last_ = point.y;
  ++count_;
  if (open_ && open_->number == column) {
    if (point.y < open_->low.y) open_->low = point;
    if (point.y > open_->high.y) open_->high = point;
    open_->last = point;
  } else {
    close_column();
    if (gap_) pieces_.emplace_back();
    open_ = Column{column, point, point, point, point};
  }
  gap_ = false;
}

std::vector<std::vector<Point>> ThinnedLine::pieces() const {
  ThinnedLine whole = *this;
  whole.close_column();
  return whole.pieces_;
}

void ThinnedLine::close_column() {
  if (!open_) return;
  const Column& c = *open_;
  keep(c.first);
  keep(c.low.x <= c.high.x ? c.low : c.high);
  keep(c.low.x <= c.high.x ? c.high : c.low);
  keep(c.last);
  open_.reset();
}

void ThinnedLine::keep(Point point) {
  std::vector<Point>& piece = pieces_.back();
  if (piece.empty() || piece.back() != point) piece.push_back(point);
}

}  // namespace fallline::chart
