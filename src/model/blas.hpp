#pragma once

// Matrix products by OpenBLAS, each on the calling thread: who shares out the work is `Workers`.
// Then a product has one order of its sums, and the same bits whatever the number of threads.

#include <cstddef>

namespace fallline::blas {

/// Row-major n×m matrices in place: `stride` from a row to the next.
template <class T>
struct Matrix {
  T* data = nullptr;
  std::size_t stride = 0;
};

enum class Side { plain, transposed };

/// C = A B (+ C where `add`), C m×n, A m×k, B k×n; A or B may be given as its transpose.
struct Sizes {
  std::size_t m = 0;
  std::size_t n = 0;
  std::size_t k = 0;
};
void multiply(Sizes sizes, Matrix<const float> a, Side of_a, Matrix<const float> b, Side of_b,
              bool add, Matrix<float> c);
void multiply(Sizes sizes, Matrix<const double> a, Side of_a, Matrix<const double> b, Side of_b,
              bool add, Matrix<double> c);

/// Tells OpenBLAS to start no threads of its own, in all of the process.
void use_one_thread();

}  // namespace fallline::blas
