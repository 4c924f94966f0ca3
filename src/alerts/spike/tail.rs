//! How unlikely a count is, when events come in clumps.
//!
//! A count whose variance is `index` times its mean is taken for negative binomial. The bound of Chernoff (1952, "A
//! measure of asymptotic efficiency for tests of a hypothesis based on the sum of observations") on its upper tail is
//! a formula, exact in the exponent and never too small. It knows nothing of where mean and index come from.

/// The surprise at a count of at least `count`: minus the logarithm of a bound on its probability. 0 up to the mean.
pub(super) fn surprise(count: f64, mean: f64, index: f64) -> f64 {
    if count <= mean {
        return 0.0;
    }
    let mean = mean.max(1e-9);
    // The smoother of the two limits: at an index of 1 the distribution is Poisson's, and the shape infinite.
    if index <= 1.001 {
        return count * (count / mean).ln() - (count - mean);
    }
    let shape = mean / (index - 1.0);
    count * (count / mean).ln() - (count + shape) * ((count + shape) / (mean + shape)).ln()
}

#[cfg(test)]
mod tests {
    use statrs::distribution::{DiscreteCDF, NegativeBinomial, Poisson};

    use super::surprise;

    #[test]
    fn the_bound_is_above_the_true_tail_and_near_it() {
        for (mean, index) in [(0.5, 2.0), (5.0, 1.5), (50.0, 4.0), (400.0, 10.0), (40.0, 40.0)] {
            let law = NegativeBinomial::new(mean / (index - 1.0), 1.0 / index).unwrap();
            for count in 1..2_000_u64 {
                let (exact, bound) = (law.sf(count - 1), (-surprise(count as f64, mean, index)).exp());
                assert!(
                    bound >= exact * 0.999,
                    "{mean} {index} {count}: {bound} < {exact}"
                );
                assert!(
                    exact < 1e-12 || bound <= exact.sqrt().max(exact * 100.0),
                    "{mean} {index} {count}: {bound} ≫ {exact}"
                );
            }
        }
    }

    #[test]
    fn without_clumps_it_is_poissons() {
        let law = Poisson::new(5.0).unwrap();
        for count in 6..60 {
            let (exact, bound) = (law.sf(count - 1), (-surprise(count as f64, 5.0, 1.0)).exp());
            assert!(
                bound >= exact && bound <= exact * 30.0,
                "{count}: {bound}, {exact}"
            );
        }
    }

    #[test]
    fn nothing_is_surprising_up_to_the_mean() {
        assert_eq!(surprise(0.0, 0.0, 1.0), 0.0);
        assert_eq!(surprise(5.0, 5.0, 3.0), 0.0);
        assert!(surprise(1e18, 1e-300, 1e9).is_finite());
    }
}
