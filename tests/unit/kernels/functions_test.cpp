#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "kernels/losses.hpp"
#include "support/guarded.hpp"
#include "support/limited.hpp"

namespace fallline {
namespace {

/// Every `step`-th float from `first` to `last`, both of one sign and the second larger in size.
std::vector<float> floats_between(float first, float last, std::uint32_t step) {
  std::vector<float> all;
  for (auto bits = std::bit_cast<std::uint32_t>(first); bits <= std::bit_cast<std::uint32_t>(last);
       bits += step)
    all.push_back(std::bit_cast<float>(bits));
  return all;
}

/// |got − exact| in units of the last place of a float as large as `exact`.
double ulps(float got, double exact) {
  const auto exponent = static_cast<int>(std::bit_cast<std::uint64_t>(exact) >> 52 & 0x7FF) - 1023;
  const auto ulp = std::bit_cast<double>(static_cast<std::uint64_t>(exponent - 23 + 1023) << 52);
  return std::abs(static_cast<double>(got) - exact) / ulp;
}

/// The largest error of a kernel on some floats; infinity where a number is NaN.
template <class Kernel, class Function>
double largest_error(Kernel kernel, Function function, const std::vector<float>& x) {
  std::vector<float> y(x.size());
  kernel(x.data(), x.size(), y.data());
  double largest = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double exact = function(static_cast<double>(x[i]));
    const double error = exact == 0 ? std::abs(static_cast<double>(y[i])) : ulps(y[i], exact);
    if (!(error <= largest)) largest = std::isnan(error) ? HUGE_VAL : error;
  }
  return largest;
}

double exact_exp(double x) { return std::exp(x); }
double exact_log(double x) { return std::log(x); }

TEST(Exponentials, AreAsExactAsPromised) {
  const std::vector<float> x = floats_between(-0.0F, -87.33F, 97);
  ASSERT_GT(x.size(), 10'000'000U);
  test::on_every_set([&] { EXPECT_LE(largest_error(kernels::exponentials, exact_exp, x), 1.1); });
}

TEST(Exponentials, EndInTheDenormalFloatsAndAreZeroBelowThem) {
  const std::vector<float> x = floats_between(-87.34F, -110.0F, 97);
  test::on_every_set([&] {
    std::vector<float> y(x.size());
    kernels::exponentials(x.data(), x.size(), y.data());
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double exact = exact_exp(static_cast<double>(x[i]));
      ASSERT_TRUE(std::abs(static_cast<double>(y[i]) - exact) <= 0x1p-149) << x[i];
      if (x[i] < -104) {
        ASSERT_EQ(y[i], 0) << x[i];
      }
    }
  });
}

TEST(Logarithms, AreAsExactAsPromised) {
  const std::vector<float> x = floats_between(1, 1e6F, 97);
  ASSERT_GT(x.size(), 1'000'000U);
  test::on_every_set([&] { EXPECT_LE(largest_error(kernels::logarithms, exact_log, x), 1); });
}

TEST(LossFunctions, TakeAnyLengthAndKeepNaNAndTheirExactValues) {
  test::on_every_set([] {
    for (std::size_t n = 0; n <= 40; ++n) {
      const test::Guarded<float> nothing(std::vector<float>(n, 0.0F));
      const test::Guarded<float> one(std::vector<float>(n, 1.0F));
      const test::Guarded<float> nan(n);
      for (std::size_t i = 0; i < n; ++i) ASSERT_TRUE(std::isnan(nan[i]));
      test::Guarded<float> y(n);
      kernels::exponentials(nothing.data(), n, y.data());
      for (const float number : y) EXPECT_EQ(number, 1);
      kernels::logarithms(one.data(), n, y.data());
      for (const float number : y) EXPECT_EQ(number, 0);
      kernels::exponentials(nan.data(), n, y.data());
      for (const float number : y) EXPECT_TRUE(std::isnan(number));
      kernels::logarithms(nan.data(), n, y.data());
      for (const float number : y) EXPECT_TRUE(std::isnan(number));
      EXPECT_TRUE(y.intact());
    }
    const std::vector<float> low{-1e3F, -1e30F, -std::numeric_limits<float>::max(),
                                 -std::numeric_limits<float>::infinity()};
    std::vector<float> y(low.size());
    kernels::exponentials(low.data(), low.size(), y.data());
    EXPECT_EQ(y, std::vector<float>(low.size(), 0.0F));
  });
}

}  // namespace
}  // namespace fallline
