#include "model/blas.hpp"

#include <cblas.h>

namespace fallline::blas {
namespace {

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
