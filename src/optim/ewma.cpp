#include <fmt/format.h>

#include <fallline/error.hpp>
#include <fallline/optim/ewma.hpp>

namespace fallline {

Ewma::Ewma(double beta) : beta_(beta) {
  if (!(beta >= 0 && beta < 1))
    throw usage_error(fmt::format("beta is {}", beta),
                      "it must be at least 0 and less than 1, such as 0.9");
}

}  // namespace fallline
