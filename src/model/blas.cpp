#include "model/blas.hpp"

#include <cblas.h>

extern "C" int blas_thread_shutdown_() __attribute__((weak));  // of an OpenBLAS with threads

namespace fallline::blas {
namespace {

/// OpenBLAS starts its threads when it is loaded, and they spin for some 25 ms, on cores that are
/// wanted for work by then: in a run of a linear classifier, which has no use for them, a quarter
/// of its time. They are sent home; a program that multiplies with several of them has them back at
/// once, as OpenBLAS starts them again where it needs them.
[[maybe_unused]] const bool sent_home = [] {
  if (blas_thread_shutdown_ != nullptr) (void)blas_thread_shutdown_();
  return true;
}();

CBLAS_TRANSPOSE of(Side side) { return side == Side::plain ? CblasNoTrans : CblasTrans; }
int whole(std::size_t n) { return static_cast<int>(n); }

}  // namespace

void multiply(Sizes s, Matrix<const float> a, Side of_a, Matrix<const float> b, Side of_b, bool add,
              Matrix<float> c) {
  cblas_sgemm(CblasRowMajor, of(of_a), of(of_b), whole(s.m), whole(s.n), whole(s.k), 1, a.data,
              whole(a.stride), b.data, whole(b.stride), add ? 1 : 0, c.data, whole(c.stride));
}

void multiply(Sizes s, Matrix<const double> a, Side of_a, Matrix<const double> b, Side of_b,
              bool add, Matrix<double> c) {
  cblas_dgemm(CblasRowMajor, of(of_a), of(of_b), whole(s.m), whole(s.n), whole(s.k), 1, a.data,
              whole(a.stride), b.data, whole(b.stride), add ? 1 : 0, c.data, whole(c.stride));
}

void use_one_thread() { openblas_set_num_threads(1); }

}  // namespace fallline::blas
