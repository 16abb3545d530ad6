#pragma once

#include <cstddef>
#include <fallline/workers.hpp>
#include <span>
#include <vector>

namespace fallline::optim {

/// a·b of P numbers, summed in double: blocks of fixed size, each with eight sums in turn, and the
/// blocks in order. One order of the sum for any number of threads; nothing allocated in a call.
template <class T>
class Dot {
 public:
  explicit Dot(std::size_t parameters);
  [[nodiscard]] double operator()(std::span<const T> a, std::span<const T> b,
                                  Workers* workers = nullptr);

 private:
  std::vector<double> blocks_;
};

extern template class Dot<float>;
extern template class Dot<double>;

}  // namespace fallline::optim
