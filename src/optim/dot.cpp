#include <algorithm>
#include <array>
#include <fallline/optim/dot.hpp>

namespace fallline::optim {
namespace {

constexpr std::size_t block = 32768;
constexpr std::size_t lanes = 8;

template <class T>
double dot_of_block(const T* a, const T* b, std::size_t n) {
  std::array<double, lanes> sums{};
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes)
    for (std::size_t k = 0; k < lanes; ++k)
      sums[k] += static_cast<double>(a[i + k]) * static_cast<double>(b[i + k]);
  for (; i < n; ++i) sums[i % lanes] += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  double total = 0;
  for (const double sum : sums) total += sum;
  return total;
}

}  // namespace

template <class T>
Dot<T>::Dot(std::size_t parameters) : blocks_((parameters + block - 1) / block) {}

template <class T>
double Dot<T>::operator()(std::span<const T> a, std::span<const T> b, Workers* workers) {
  auto sum = [&](std::size_t k) {
    const std::size_t first = k * block;
    blocks_[k] =
        dot_of_block(a.data() + first, b.data() + first, std::min(block, a.size() - first));
  };
  if (workers != nullptr) {
    workers->for_each(blocks_.size(), sum);
  } else {
    for (std::size_t k = 0; k < blocks_.size(); ++k) sum(k);
  }
  double total = 0;
  for (const double s : blocks_) total += s;
  return total;
}

template class Dot<float>;
template class Dot<double>;

}  // namespace fallline::optim
